# A 3D network for clips. Input: 3x8x24x24
import torch
import torch.nn as nn


class C3D(nn.Module):
    def __init__(self, num_classes=11, pretrained=False):
        super(C3D, self).__init__()
        self.conv1 = nn.Conv3d(3, 8, kernel_size=(3, 3, 3), padding=(1, 1, 1))
        self.pool1 = nn.MaxPool3d(kernel_size=(1, 2, 2), stride=(1, 2, 2))
        self.conv2 = nn.Conv3d(8, 16, kernel_size=(3, 3, 3), padding=(1, 1, 1))
        self.pool2 = nn.MaxPool3d(kernel_size=(2, 2, 2), stride=(2, 2, 2), padding=(0, 1, 1))
        self.bn = nn.BatchNorm3d(16)
        self.fc6 = nn.Linear(16 * 4 * 7 * 7, 32)
        self.fc7 = nn.Linear(32, num_classes)
        self.dropout = nn.Dropout(p=0.5)
        self.relu = nn.ReLU()
        if pretrained:
            self.__load_pretrained_weights()

    def forward(self, x):
        x = self.relu(self.conv1(x))
        x = self.pool1(x)
        x = self.relu(self.bn(self.conv2(x)))
        x = self.pool2(x)
        x = x.view(-1, 16 * 4 * 7 * 7)
        x = self.relu(self.fc6(x))
        x = self.dropout(x)
        logits = self.fc7(x)
        return logits

    def __load_pretrained_weights(self):
        p_dict = torch.load("c3d.pth")
        s_dict = self.state_dict()
        for name in p_dict:
            s_dict[name] = p_dict[name]
        self.load_state_dict(s_dict)
